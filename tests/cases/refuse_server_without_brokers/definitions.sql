-- A server says where its brokers are.

CREATE SERVER events FOREIGN DATA WRAPPER kafka;
