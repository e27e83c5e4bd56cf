-- Names of tables longer than 63 bytes, two of which are equal in their first 63
-- expect: arrives
-- finding: NAME_CHANGED
-- renamed: an_uncommonly_long_name_of_a_table_that_goes_on_and_on_beyond_all_measure_one => an_uncommonly_long_name_of_a_table_that_goes_on_and_on_ca602dda
-- renamed: an_uncommonly_long_name_of_a_table_that_goes_on_and_on_beyond_all_measure_two => an_uncommonly_long_name_of_a_table_that_goes_on_and_on_8d8ea4a2
CREATE TABLE an_uncommonly_long_name_of_a_table_that_goes_on_and_on_beyond_all_measure_one(id INTEGER PRIMARY KEY, v TEXT);
CREATE TABLE an_uncommonly_long_name_of_a_table_that_goes_on_and_on_beyond_all_measure_two(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO an_uncommonly_long_name_of_a_table_that_goes_on_and_on_beyond_all_measure_one VALUES (1, 'one');
INSERT INTO an_uncommonly_long_name_of_a_table_that_goes_on_and_on_beyond_all_measure_two VALUES (2, 'two');
