-- Virtual tables over another virtual table, with quotes in their arguments, which even libSQL's own dump writes wrongly
-- expect: arrives
-- finding: VIRTUAL_TABLE test_vocab
CREATE VIRTUAL TABLE test_fts USING fts5(content, tokenize = "unicode61 tokenchars '-_'");
INSERT INTO test_fts(content) VALUES ('state-of-the-art it''s'), ('plain words');
CREATE VIRTUAL TABLE test_vocab USING fts5vocab(test_fts, 'row');
