/// The key a request carries.
///
/// Only headers count: a browser sends cookies along by itself, a header it does not.
enum PresentedKey {
    static func read(_ headers: HTTPHeaders) throws(HTTPError) -> String? {
        var keys = Set(headers.all("X-API-Key"))
        for value in headers.all("Authorization") {
            let parts = value.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else {
                throw .unauthorized("The Authorization header is not of the Bearer kind.")
            }
            keys.insert(String(parts[1].drop { $0 == " " }))
        }
        guard keys.count < 2 else { throw .unauthorized("The request carries two different keys.") }
        return keys.first
    }
}
