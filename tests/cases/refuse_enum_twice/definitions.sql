-- A type has a name of its own.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE TYPE status AS ENUM ('new');
CREATE TYPE status AS ENUM ('new');
CREATE TYPE text AS ENUM ('new');
CREATE TYPE history.status AS ENUM ('new');
