-- The portal's own role; `portal migrate` gives it what it needs and no more.
CREATE ROLE portal LOGIN PASSWORD 'portal-change-me';
