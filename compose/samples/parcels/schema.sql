CREATE TABLE depots (id int PRIMARY KEY, parcels bigint NOT NULL);
CREATE TABLE parcels (id int PRIMARY KEY, weight_g int NOT NULL, town text NOT NULL);
CREATE TABLE labels (
    id bigserial PRIMARY KEY,
    parcel int NOT NULL REFERENCES parcels,
    label text NOT NULL,
    sorted boolean NOT NULL DEFAULT false
);
CREATE TABLE jobs (id bigserial PRIMARY KEY, booking bigint NOT NULL, queued_at timestamptz NOT NULL DEFAULT now());

INSERT INTO depots SELECT n, 0 FROM generate_series(1, 10) n;
INSERT INTO parcels SELECT n, 100 + n * 37 % 5000, 'town ' || n % 60 FROM generate_series(1, 1000) n
