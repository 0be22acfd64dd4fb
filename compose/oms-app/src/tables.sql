-- The tables that the pipeline keeps for itself beside the shop's (seed/schema.sql). Loaded by a database's first start and
-- by each service that needs them; made when they are missing, never changed after.

-- Events that wait for an earlier one of their order; the checkpoint may pass them because they are kept here.
CREATE TABLE IF NOT EXISTS oms_waiting_events (
  partition_id  SMALLINT UNSIGNED NOT NULL,
  offset_id     VARCHAR(32) NOT NULL,
  order_number  VARCHAR(20) NOT NULL,
  waiting_since DATETIME(3) NOT NULL,
  body          LONGBLOB NOT NULL,
  PRIMARY KEY (partition_id, offset_id), KEY (order_number), KEY (partition_id, waiting_since)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Which events of an order were dead-lettered: they count as come.
CREATE TABLE IF NOT EXISTS oms_dead_events (
  order_number  VARCHAR(20) NOT NULL,
  event_id      CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (order_number, event_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Where an applied event stood in its partition and since when, beside order_events' partition and offset: with these it is
-- found in a captured file, and each leg of its way has a time.
CREATE TABLE IF NOT EXISTS oms_event_places (
  event_id        CHAR(36) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY,
  sequence_number BIGINT NOT NULL,
  enqueued_at     DATETIME(3) NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Changes of status that customers are to be told of, written with the change itself; the notifier empties it.
CREATE TABLE IF NOT EXISTS oms_outbox (
  id            BIGINT UNSIGNED PRIMARY KEY AUTO_INCREMENT,
  event_id      CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_number  VARCHAR(20) NOT NULL,
  status        VARCHAR(20) NOT NULL,
  attempts      INT UNSIGNED NOT NULL DEFAULT 0,
  due_at        DATETIME(3) NOT NULL,
  failed_at     DATETIME(3) NULL,
  KEY (failed_at, due_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Which keys were used for which request, with the very event: a repeated request sends the same event again.
CREATE TABLE IF NOT EXISTS oms_idempotency_keys (
  request_key   VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY,
  request_hash  CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_number  VARCHAR(20) NOT NULL,
  email         VARCHAR(190) NOT NULL,
  event         JSON NOT NULL,
  accepted_at   DATETIME(3) NULL,
  created_at    DATETIME(3) NOT NULL,
  KEY (order_number), KEY (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Which order numbers are taken: they are given out in blocks.
CREATE TABLE IF NOT EXISTS oms_number_blocks (
  name          VARCHAR(20) PRIMARY KEY,
  next_number   BIGINT UNSIGNED NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
