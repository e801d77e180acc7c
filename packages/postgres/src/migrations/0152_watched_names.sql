-- Who follows a ticket is called by what his account says.
alter table app.watched_tickets drop column name;
