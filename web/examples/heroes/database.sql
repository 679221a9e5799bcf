CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('1f4a6be0c2d9');
CREATE TABLE hero (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	secret_name VARCHAR NOT NULL, 
	team_id INTEGER, 
	PRIMARY KEY (id), 
	FOREIGN KEY(team_id) REFERENCES team (id)
);
INSERT INTO "hero" VALUES(1,'Deadpond','Dive Wilson',2);
INSERT INTO "hero" VALUES(2,'Spider-Boy','Pedro Parqueador',1);
INSERT INTO "hero" VALUES(3,'Rusty-Man','Tommy Sharp',1);
INSERT INTO "hero" VALUES(4,'Princess Sure-E','Sure E',NULL);
CREATE TABLE team (
	id INTEGER NOT NULL, 
	name VARCHAR(50) NOT NULL, 
	headquarters VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "team" VALUES(1,'Preventers','Sharp Tower');
INSERT INTO "team" VALUES(2,'Z-Force','Sister Margaret''s Bar');
CREATE INDEX ix_team_name ON team (name);
CREATE INDEX ix_hero_name ON hero (name);
