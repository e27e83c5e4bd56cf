-- Unique and foreign keys, named, so that later migrations and error messages can speak of them.

-- Up Migration
alter table users add constraint users_email_unique unique (email);
alter table guesses add constraint guesses_one_per_challenge unique (user_id, challenge_id);
alter table game_sessions add constraint game_sessions_one_per_address unique (user_id, ip_address);

alter table challenges add constraint challenges_creator foreign key (creator_id) references users on delete cascade;
alter table guesses add constraint guesses_user foreign key (user_id) references users on delete cascade;
alter table guesses add constraint guesses_challenge foreign key (challenge_id) references challenges on delete cascade;
alter table game_sessions add constraint game_sessions_user foreign key (user_id) references users on delete cascade;
alter table token_transactions add constraint token_transactions_user foreign key (user_id) references users on delete cascade;

-- Down Migration
alter table token_transactions drop constraint token_transactions_user;
alter table game_sessions drop constraint game_sessions_user;
alter table guesses drop constraint guesses_challenge;
alter table guesses drop constraint guesses_user;
alter table challenges drop constraint challenges_creator;

alter table game_sessions drop constraint game_sessions_one_per_address;
alter table guesses drop constraint guesses_one_per_challenge;
alter table users drop constraint users_email_unique;
