// The tables that the pipeline keeps for itself beside the shop's, made where they are missing: see ../tables.sql.

import fs from 'node:fs';

// No statement there holds a semicolon of its own.
const STATEMENTS = fs
  .readFileSync(new URL('../tables.sql', import.meta.url), 'utf8')
  .replace(/^--.*$/gm, '')
  .split(';')
  .map((statement) => statement.trim())
  .filter(Boolean);

/** Makes the pipeline's own tables where they are missing. */
export async function makeTables(connection) {
  for (const statement of STATEMENTS) await connection.query(statement);
}
