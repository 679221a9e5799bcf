CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('27d0e6f1b8a3');
CREATE TABLE product (
	id INTEGER NOT NULL, 
	name VARCHAR(100) NOT NULL, 
	price NUMERIC(10, 2) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "product" VALUES(1,'Copper alembic, 2 l',189);
INSERT INTO "product" VALUES(2,'Receiver flask',24.5);
INSERT INTO "product" VALUES(3,'Thermometer',12.9);
