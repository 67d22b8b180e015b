extension HTTPError {
    /// Says where a JSON body differs from the wanted shape, without repeating any of it.
    public init(decoding error: any Error) {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            self = .shape("The member \(Self.path(context.codingPath + [key])) is missing.")
        case DecodingError.typeMismatch(let type, let context):
            self = .shape("The member \(Self.path(context.codingPath)) has to be \(Self.word(for: type)).")
        case DecodingError.valueNotFound(_, let context):
            self = .shape("The member \(Self.path(context.codingPath)) must not be null.")
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            self = .shape("The member \(Self.path(context.codingPath)) has a value that is not allowed.")
        default:
            self = .badRequest(
                "malformed_json",
                "The body is not valid JSON.",
                hint: "Check quotes, commas and brackets."
            )
        }
    }

    private static func shape(_ message: String) -> HTTPError {
        .unprocessable(message, code: "wrong_shape", hint: "GET /openapi.json shows the shape this route takes.")
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.isEmpty ? "at the top" : keys.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }

    private static func word(for type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is Double.Type, is Float.Type: "a number"
        case is any FixedWidthInteger.Type: "a whole number"
        case is any Collection.Type: "a list or an object"
        default: "of another type"
        }
    }
}
