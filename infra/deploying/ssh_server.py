"""An SSH server of this user's on this machine: `ssh_server.py FOLDER`. It lets in whoever has the key `mine`, runs what it is
told as this user, and writes its port to `port` when it listens. The real client speaks to it; it ends with its standard input."""

import asyncio
import os
import sys
from pathlib import Path

import asyncssh


async def serve(process: asyncssh.SSHServerProcess) -> None:
    """One command, with its streams; a shell runs it, as sshd does."""
    child = await asyncio.create_subprocess_shell(
        process.command or "exit 1", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    await process.redirect(child.stdin, child.stdout, child.stderr)
    process.exit(await child.wait())
    await process.wait_closed()


async def main(folder: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    mine = asyncssh.generate_private_key("ssh-ed25519")
    mine.write_private_key(folder / "mine")
    (folder / "mine").chmod(0o600)
    mine.write_public_key(folder / "authorized")
    server = await asyncssh.create_server(
        asyncssh.SSHServer, "127.0.0.1", 0, server_host_keys=[key], authorized_client_keys=str(folder / "authorized"),
        process_factory=serve, sftp_factory=True, encoding=None,
    )  # fmt: skip
    port = server.sockets[0].getsockname()[1]
    public = key.export_public_key().decode().split()
    (folder / "known").write_text(f"[127.0.0.1]:{port} {public[0]} {public[1]}\n")
    (folder / "port.new").write_text(str(port))
    os.replace(folder / "port.new", folder / "port")
    # Whoever started it keeps the other end; when that has gone, so has this.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main(Path(sys.argv[1])))
