-- Events come from Kafka.

CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
