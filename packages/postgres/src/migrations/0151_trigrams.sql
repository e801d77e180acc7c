-- Parts of words are found by an index over their trigrams.
create extension if not exists pg_trgm with schema public;
