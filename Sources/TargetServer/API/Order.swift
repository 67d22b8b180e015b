import OpsModel
import OpsPostgres

/// An order as its customer sees it.
struct Order: Encodable {
    var id: String
    var customerID: Int
    var state: String
    var amountCents: Int
    var chargeID: String?
    var note: String
    var createdAt: String

    enum CodingKeys: String, CodingKey {
        case id
        case customerID = "customer_id"
        case state
        case amountCents = "amount_cents"
        case chargeID = "charge_id"
        case note
        case createdAt = "created_at"
    }

    static let columns = "id, customer_id, state, amount_cents, charge_id, remark, created_at"

    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.string("id")
        customerID = try row.int("customer_id")
        state = try row.string("state")
        amountCents = try row.int("amount_cents")
        chargeID = row["charge_id"]
        note = try row.string("remark")
        createdAt = try row.timestamp("created_at").description
    }
}
