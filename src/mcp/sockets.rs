//! Standard input and output where they are Unix sockets, as programs written for Node give them to what they start. Tokio's own
//! standard input would hand each line from thread to thread, which takes longer than many answers.
//!
//! The sockets stay as they are: each read and write says for itself that it does not wait (`MSG_DONTWAIT`), because the
//! descriptors' flags belong to everybody who has them.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use rustix::net::{RecvFlags, SendFlags, SocketType, recv, send, sockopt};
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};

/// One end of a stream that was given to this process.
pub(super) struct End(AsyncFd<OwnedFd>);

/// Both standard streams; `None` where one of them is no such socket.
pub(super) fn standard() -> Option<(End, End)> {
    Some((End::of(io::stdin(), Interest::READABLE)?, End::of(io::stdout(), Interest::WRITABLE)?))
}

impl End {
    fn of(stream: impl AsFd, interest: Interest) -> Option<Self> {
        let own = stream.as_fd().try_clone_to_owned().ok()?;
        sockopt::socket_type(&own).ok().filter(|kind| *kind == SocketType::STREAM)?;
        #[allow(
            deprecated,
            reason = "what the newer, unsafe function wants promised holds of a descriptor that is owned"
        )]
        AsyncFd::with_interest(own, interest).ok().map(Self)
    }
}

impl AsyncRead for End {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            let mut ready = ready!(self.0.poll_read_ready(context))?;
            let room = buffer.initialize_unfilled();
            if let Ok(read) = ready.try_io(|own| Ok(recv(own, &mut *room, RecvFlags::DONTWAIT)?.1)) {
                return Poll::Ready(read.map(|count| buffer.advance(count)));
            }
        }
    }
}

impl AsyncWrite for End {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            let mut ready = ready!(self.0.poll_write_ready(context))?;
            let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
            if let Ok(written) = ready.try_io(|own| Ok(send(own, bytes, flags)?)) {
                return Poll::Ready(written);
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test that cannot go on ends

    use std::os::unix::net::UnixStream;

    use rustix::fs::{OFlags, fcntl_getfl};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn more_than_the_socket_holds_comes_through_and_its_flags_stay() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let (mut read, mut write) =
            (End::of(&theirs, Interest::READABLE).unwrap(), End::of(&ours, Interest::WRITABLE).unwrap());
        let sent: Vec<u8> = (0..4 << 20).map(|place| u8::try_from(place % 251).unwrap()).collect();
        let expected = sent.clone();
        let writing = tokio::spawn(async move { write.write_all(&sent).await });
        let mut found = vec![0; expected.len()];
        read.read_exact(&mut found).await.unwrap();
        assert!(found == expected, "what was written is what was read");
        writing.await.unwrap().unwrap();
        for end in [&ours, &theirs] {
            assert!(!fcntl_getfl(end).unwrap().contains(OFlags::NONBLOCK), "others have this descriptor too");
        }
        drop(ours);
        assert_eq!(read.read(&mut [0; 8]).await.unwrap(), 0, "the end");
    }

    #[tokio::test]
    async fn nobody_reads() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let mut write = End::of(&ours, Interest::WRITABLE).unwrap();
        drop(theirs);
        assert_eq!(write.write_all(b"x").await.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn what_is_no_socket_is_left_to_others() {
        assert!(End::of(std::fs::File::open("/dev/null").unwrap(), Interest::READABLE).is_none());
    }
}
