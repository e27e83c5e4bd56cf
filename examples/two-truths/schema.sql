-- "Two truths and a lie", as such applications have it in SQLite: dates as text here and as
-- epoch numbers there, JSON and UUIDs as text, booleans as 0 and 1.

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  is_admin BOOLEAN NOT NULL DEFAULT 0,
  permissions TEXT NOT NULL DEFAULT '["play"]',            -- JSON: an array of words
  bio TEXT,
  balance INTEGER NOT NULL DEFAULT 0 CHECK (balance >= 0), -- tokens only move: the sum over all users never changes
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE challenges (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  creator_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  title TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published', 'archived')),
  published_at INTEGER,                                    -- epoch milliseconds, NULL while a draft
  view_count INTEGER NOT NULL DEFAULT 0,
  statements TEXT NOT NULL,                                -- JSON: [{"text": …, "lie": …}, two more]
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE guesses (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  challenge_id INTEGER NOT NULL REFERENCES challenges(id) ON DELETE CASCADE,
  guessed_index INTEGER NOT NULL CHECK (guessed_index BETWEEN 0 AND 2),
  correct BOOLEAN NOT NULL,
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE game_sessions (
  id TEXT PRIMARY KEY NOT NULL,                            -- UUID
  user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  ip_address TEXT NOT NULL,                                -- IPv4 or IPv6
  user_agent TEXT,
  expires_at INTEGER NOT NULL                              -- epoch seconds
);

CREATE TABLE token_transactions (
  id TEXT PRIMARY KEY NOT NULL,                            -- UUID
  user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  amount INTEGER NOT NULL,                                 -- each transfer writes two rows: -n and +n
  metadata TEXT,                                           -- JSON
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- Indexes: from here on. The generator makes them after the rows.
CREATE INDEX users_name ON users (name);
CREATE INDEX challenges_creator ON challenges (creator_id);
CREATE INDEX challenges_published ON challenges (published_at DESC) WHERE status = 'published';
CREATE UNIQUE INDEX guesses_user_challenge ON guesses (user_id, challenge_id);
CREATE INDEX guesses_challenge ON guesses (challenge_id);
-- One session per user and address: logging in again with INSERT OR REPLACE ends the other one.
CREATE UNIQUE INDEX game_sessions_user_address ON game_sessions (user_id, ip_address);
CREATE INDEX game_sessions_expiry ON game_sessions (expires_at);
CREATE INDEX token_transactions_user ON token_transactions (user_id, created_at);
