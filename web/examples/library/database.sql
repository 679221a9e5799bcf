CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('8e5d27b46c10');
CREATE TABLE author (
	id INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	born INTEGER, 
	PRIMARY KEY (id)
);
INSERT INTO "author" VALUES(1,'Ursula K. Le Guin',1929);
INSERT INTO "author" VALUES(2,'Jorge Luis Borges',1899);
INSERT INTO "author" VALUES(3,'Octavia E. Butler',1947);
INSERT INTO "author" VALUES(4,'Italo Calvino',1923);
INSERT INTO "author" VALUES(5,'Sei Shonagon',NULL);
CREATE TABLE book (
	id INTEGER NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	author_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(author_id) REFERENCES author (id)
);
INSERT INTO "book" VALUES(1,'The Dispossessed',1);
INSERT INTO "book" VALUES(2,'The Left Hand of Darkness',1);
INSERT INTO "book" VALUES(3,'Ficciones',2);
INSERT INTO "book" VALUES(4,'Kindred',3);
INSERT INTO "book" VALUES(5,'Parable of the Sower',3);
INSERT INTO "book" VALUES(6,'Invisible Cities',4);
INSERT INTO "book" VALUES(7,'The Pillow Book',5);
CREATE TABLE loan (
	id INTEGER NOT NULL, 
	book_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	due DATE NOT NULL, 
	returned BOOLEAN DEFAULT '0' NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(book_id) REFERENCES book (id), 
	FOREIGN KEY(member_id) REFERENCES member (id)
);
INSERT INTO "loan" VALUES(1,3,1,'2026-03-20',1);
INSERT INTO "loan" VALUES(2,6,1,'2026-04-03',0);
INSERT INTO "loan" VALUES(3,4,2,'2026-04-01',0);
INSERT INTO "loan" VALUES(4,1,3,'2026-03-28',1);
CREATE TABLE member (
	id INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	email VARCHAR(120) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (email)
);
INSERT INTO "member" VALUES(1,'Amara Nwosu','amara@example.org');
INSERT INTO "member" VALUES(2,'Jonas Lind','jonas@example.org');
INSERT INTO "member" VALUES(3,'Mei Tanaka','mei@example.org');
CREATE INDEX ix_book_title ON book (title);
