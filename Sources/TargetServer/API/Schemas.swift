import OpsModel

/// JSON Schema of the bodies, for `/openapi.json`.
enum Schemas {
    static let product = object(
        ["name": text, "category": text, "description": text, "price_cents": number, "weight_g": number],
        required: ["name", "category", "price_cents"]
    )
    static let customer = object(["name": text, "email": text, "postcode": text], required: ["name", "email"])
    static let stock = object(["available": number], required: ["available"])
    static let draft = object(["customer_id": number, "note": text], required: ["customer_id"])
    static let note = object(["note": text], required: ["note"])
    static let checkout = object(
        [
            "customer_id": number, "card": text, "note": text,
            "items": [
                "type": "array", "items": object(["product_id": number, "quantity": number], required: ["product_id"]),
            ],
        ],
        required: ["customer_id", "items", "card"]
    )
    static let charge = object(
        ["key": text, "amount_cents": number, "card": text],
        required: ["key", "amount_cents", "card"]
    )
    static let mix = object(
        ["rate": number, "declines": ["type": "number"], "mix": ["type": "object"], "for_s": number],
        required: []
    )
    static let reportRun = object(["budget_s": ["type": "number"]], required: [])
    static let hold = object(["for_s": ["type": "number"]], required: ["for_s"])
    static let shedding = object(
        [
            "id": text, "routes": ["type": "array", "items": text], "ratio": ["type": "number"],
            "for_s": ["type": "number"], "ramp_s": ["type": "number"],
        ],
        required: ["id", "routes", "ratio", "for_s"]
    )
    static let empty: JSONValue = ["type": "object"]

    private static let text: JSONValue = ["type": "string"]
    private static let number: JSONValue = ["type": "integer"]

    private static func object(_ properties: [String: JSONValue], required: [String]) -> JSONValue {
        ["type": "object", "properties": .object(properties), "required": .array(required.map { .string($0) })]
    }
}
