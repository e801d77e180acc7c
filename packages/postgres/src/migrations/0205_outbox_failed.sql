-- What was given up is counted at every scrape of the metrics, and is rare among all that was ever sent.
create index outbox_failed on app.outbox (created_at) where status = 'failed';
