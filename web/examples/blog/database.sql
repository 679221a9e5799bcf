CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('5ac41be7f803');
CREATE TABLE post_tag (
	post_id INTEGER NOT NULL, 
	tag_id INTEGER NOT NULL, 
	PRIMARY KEY (post_id, tag_id), 
	FOREIGN KEY(post_id) REFERENCES posts (id), 
	FOREIGN KEY(tag_id) REFERENCES tags (id)
);
INSERT INTO "post_tag" VALUES(1,1);
INSERT INTO "post_tag" VALUES(2,2);
INSERT INTO "post_tag" VALUES(2,1);
CREATE TABLE posts (
	id INTEGER NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	body TEXT NOT NULL, 
	author_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(author_id) REFERENCES users (id)
);
INSERT INTO "posts" VALUES(1,'Copper and steam','What a still can teach about patience.',1);
INSERT INTO "posts" VALUES(2,'Notes on a schema','Names last longer than code.',2);
CREATE TABLE tags (
	id INTEGER NOT NULL, 
	name VARCHAR(30) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
INSERT INTO "tags" VALUES(1,'craft');
INSERT INTO "tags" VALUES(2,'databases');
CREATE TABLE users (
	id INTEGER NOT NULL, 
	email VARCHAR(255) NOT NULL, 
	full_name VARCHAR(100), 
	is_active BOOLEAN DEFAULT '1' NOT NULL, 
	created_at DATETIME DEFAULT (CURRENT_TIMESTAMP) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "users" VALUES(1,'ines@example.org','Ines Duarte',1,'2026-01-20 12:00:00');
INSERT INTO "users" VALUES(2,'tomasz@example.org','Tomasz Wilk',1,'2026-01-21 08:30:00');
CREATE UNIQUE INDEX ix_users_email ON users (email);
