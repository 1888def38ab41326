-- Of a server only its brokers matter.

CREATE SERVER events TYPE 'kafka' VERSION '3.0' FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');
