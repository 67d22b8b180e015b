/// Step 9: what was sold of a product on one day is found without reading the whole history.
enum SchemaDemand {
    static let up = "CREATE INDEX sales_history_day ON sales_history (day, product_id);"

    static let down = "DROP INDEX sales_history_day;"
}
