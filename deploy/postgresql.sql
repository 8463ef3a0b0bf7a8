-- The three accounts and the database of one county server. Run once, as PostgreSQL's superuser:
--   psql -v ON_ERROR_STOP=1 -v owner=… -v app=… -v backup=… -f deploy/postgresql.sql
-- yingjin_owner   owns the tables and changes them (yingjin migrate), nothing else
-- yingjin_app     the console and the worker: reads and writes rows, cannot change tables, triggers or policies
-- yingjin_backup  reads everything for the backup, writes nothing
CREATE ROLE yingjin_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner';
CREATE ROLE yingjin_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app';
CREATE ROLE yingjin_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'backup';

CREATE DATABASE yingjin OWNER yingjin_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE yingjin FROM PUBLIC;
GRANT CONNECT ON DATABASE yingjin TO yingjin_app, yingjin_backup;
\connect yingjin
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO yingjin_owner;
GRANT USAGE ON SCHEMA public TO yingjin_app, yingjin_backup;

-- Tables to come: what the owner makes, the other two may use as said above.
ALTER DEFAULT PRIVILEGES FOR ROLE yingjin_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO yingjin_app;
ALTER DEFAULT PRIVILEGES FOR ROLE yingjin_owner IN SCHEMA public
    GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO yingjin_app;
ALTER DEFAULT PRIVILEGES FOR ROLE yingjin_owner IN SCHEMA public GRANT SELECT ON TABLES TO yingjin_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE yingjin_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO yingjin_backup;
