-- request is the server of request tables.

CREATE SERVER request FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
