-- What Base.metadata.create_all() made in January, before there were telephone numbers.
CREATE TABLE customer (
	id INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	email VARCHAR(120), 
	PRIMARY KEY (id)
);
CREATE TABLE bike (
	id INTEGER NOT NULL, 
	customer_id INTEGER NOT NULL, 
	brand VARCHAR(40) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(customer_id) REFERENCES customer (id)
);
INSERT INTO customer VALUES (1, 'Ada Byrne', 'ada@example.com');
INSERT INTO customer VALUES (2, 'Ben Okafor', NULL);
INSERT INTO bike VALUES (1, 1, 'Raleigh');
