-- Mails leave in the order in which they were caused; 'kept' is a mail that stays in the local outbox, for want of a mail server.

alter table app.outbox add column seq bigint generated always as identity;
alter table app.outbox drop constraint outbox_status_check;
alter table app.outbox add constraint outbox_status_check check (status in ('waiting', 'sending', 'sent', 'failed', 'kept'));
drop index app.outbox_due;
create index outbox_due on app.outbox (seq) where status in ('waiting', 'sending');
