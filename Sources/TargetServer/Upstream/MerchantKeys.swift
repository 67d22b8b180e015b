import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import OpsTrust

/// The merchant's keys that a provider takes, as its list says at this moment: both providers go by the same one.
struct MerchantKeys: Sendable {
    let path: String
    let logger: Logger

    /// Lets a request pass whose key is on the list.
    func admit(_ request: HTTPRequest) throws(HTTPError) {
        let sent = request.headers["Authorization"] ?? ""
        guard sent.hasPrefix("Bearer "), try list().accepts(String(sent.dropFirst(7))) else {
            throw .unauthorized("The merchant's key is not known.")
        }
    }

    /// - Throws: When the list cannot be read: nobody is let in then, and nobody is told that the key is wrong.
    private func list() throws(HTTPError) -> AcceptedKeys {
        do { return AcceptedKeys(text: try FileSystem.text(path)) } catch {
            logger.error("the merchants' keys cannot be read", ["error": .string(error.message)])
            throw .unavailable("The provider cannot look keys up.", code: "keys_unreadable")
        }
    }
}
