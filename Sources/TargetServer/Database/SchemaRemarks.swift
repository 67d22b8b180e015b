/// What customers write on an order is called a remark, since a note is what the warehouse writes.
///
/// Nothing but the name changes, in both directions, so that the step can be taken back without loss.
enum SchemaRemarks {
    static let up = "ALTER TABLE orders RENAME COLUMN note TO remark;"
    static let down = "ALTER TABLE orders RENAME COLUMN remark TO note;"
}
