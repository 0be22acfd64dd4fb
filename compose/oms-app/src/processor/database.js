// Connections to the orders database, and which of its errors mean what. No statement about orders stands here.

import mysql from 'mysql2/promise';

/** Opens a pool. Times are UTC text, decimals are text, statements are strict, and reads do not lock gaps. */
export function openPool(settings) {
  const pool = mysql.createPool({
    ...settings,
    connectionLimit: settings.connectionLimit ?? 4,
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
    supportBigNumbers: true,
    enableKeepAlive: true,
    connectTimeout: 5000,
  });
  return pool;
}

const SESSION = [
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', SESSION time_zone = '+00:00'",
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  'SET SESSION innodb_lock_wait_timeout = 20',
];

/** Runs `work` with a prepared connection of the pool inside a transaction; commits, or rolls back and throws. */
export async function inTransaction(pool, work) {
  const connection = await pool.getConnection();
  try {
    // The pool hands out the same few connections: each is prepared once.
    const session = connection.connection;
    if (session.idStep === undefined) {
      for (const statement of SESSION) await connection.query(statement);
      const [[row]] = await connection.query('SELECT @@auto_increment_increment AS step');
      session.idStep = Number(row.step);
    }
    connection.idStep = session.idStep;
    await connection.query('START TRANSACTION');
    const result = await work(connection);
    await connection.query('COMMIT');
    connection.release();
    return result;
  } catch (error) {
    try {
      await connection.query('ROLLBACK');
      connection.release();
    } catch {
      connection.destroy();
    }
    throw error;
  }
}

const DUPLICATE_KEY = 1062;
// Values that no retry makes fit: out of range, too long, wrong text, broken CHECK or foreign key, invalid JSON.
const DATA_ERRORS = new Set([1048, 1216, 1264, 1265, 1292, 1366, 1406, 1452, 3140, 3819, 4025, 4078]);

/** What an error asks for: `again` (a passing state), or `isolate` (one event of the batch is to blame). */
export function remedy(error) {
  const ours = error instanceof TypeError || error instanceof RangeError;
  if (ours || DATA_ERRORS.has(error.errno) || error.errno === DUPLICATE_KEY) return 'isolate';
  return 'again';
}
