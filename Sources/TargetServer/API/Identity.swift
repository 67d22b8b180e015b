import OpsHTTP

/// The `{id}` of a path.
enum Identity {
    /// A row's number; anything else names nothing that exists.
    static func number(_ request: HTTPRequest) throws(HTTPError) -> Int {
        guard let id = Int(try request.parameter("id")), (1...Int(Int32.max)).contains(id) else {
            throw .notFound("Ids are whole numbers from 1.")
        }
        return id
    }

    static func missing(_ what: String) -> HTTPError { .notFound("There is no such \(what).") }
}
