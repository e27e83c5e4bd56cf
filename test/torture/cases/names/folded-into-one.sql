-- Two tables and two columns that --names snake_case folds into one name
-- expect: arrives
-- names: snake_case
-- renamed: UserData => user_data_2
-- renamed: UserData.firstName => first_name_2
-- finding: NAME_CHANGED|NAME_COLLISION
-- target: select count(*) from information_schema.tables where table_schema = 'public' and table_name like 'user_data%' => 2
-- target: select count(*) from information_schema.columns where table_schema = 'public' and column_name like 'first_name%' => 2
CREATE TABLE UserData(id INTEGER PRIMARY KEY, firstName TEXT, first_name TEXT);
CREATE TABLE user_data(id INTEGER PRIMARY KEY);
INSERT INTO UserData VALUES (1, 'a', 'b');
INSERT INTO user_data VALUES (2);
