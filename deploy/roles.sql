-- The two roles of Serentak and its database, on the primary, as the superuser; may be run again:
--   psql "host=… user=postgres dbname=postgres target_session_attrs=read-write" \
--        -v owner_password=… -v application_password=… -f roles.sql
-- The owner makes tables and backups (CREATEDB: each is read back into a database of its own); the
-- application works on rows and owns nothing. `serentak migrate` grants it what it needs.

\set ON_ERROR_STOP on

SELECT 'CREATE ROLE serentak LOGIN CREATEDB'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'serentak') \gexec

SELECT 'CREATE ROLE serentak_app LOGIN'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'serentak_app') \gexec

ALTER ROLE serentak PASSWORD :'owner_password';
ALTER ROLE serentak_app PASSWORD :'application_password';

SELECT 'CREATE DATABASE serentak OWNER serentak TEMPLATE template0 ENCODING ''UTF8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'serentak') \gexec

REVOKE TEMPORARY ON DATABASE serentak FROM PUBLIC;
