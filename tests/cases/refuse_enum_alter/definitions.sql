-- A definition file says what is: ALTER TYPE, composite types and domains are refused.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
CREATE TYPE status AS ENUM ('new');
ALTER TYPE status ADD VALUE 'paid';
ALTER TYPE status RENAME VALUE 'new' TO 'fresh';
CREATE TYPE pair AS (x integer, y integer);
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
DROP TYPE status;
