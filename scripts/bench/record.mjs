// Writes one section of BENCHMARKS.md, and leaves the others as they are.

import fs from 'node:fs';

/** `rows`: [[what, target, measured]]. */
export function record(file, command, about, rows, title = '## The order pipeline') {
  const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '# How fast and how large\n';
  const section = [
    title,
    '',
    `Command: \`${command}\`, ${new Date().toISOString().slice(0, 10)}: ${about}.`,
    '',
    '| what | target on 2 cores | measured |',
    '|---|---|---|',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
  ].join('\n');
  const at = before.indexOf(`\n${title}\n`);
  if (at < 0) return fs.writeFileSync(file, `${before.trimEnd()}\n\n${section}`);
  const after = before.indexOf('\n## ', at + title.length);
  return fs.writeFileSync(file, `${before.slice(0, at + 1)}${section}${after < 0 ? '' : before.slice(after)}`);
}
