-- Boundaries of areas (src/domain/geo). A row holds from from_pos to to_pos.

CREATE TABLE area_shape (
    code TEXT NOT NULL, -- of the area
    rings TEXT NOT NULL, -- points of a grid of 1e-5 degrees: "x y dx dy …", rings parted by ';'
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (code, from_pos)
);
CREATE INDEX area_shape_by_from ON area_shape (from_pos);
