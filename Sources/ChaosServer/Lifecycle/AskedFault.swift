import OpsModel
import OpsTrust

/// A request with an id of its own: asked twice, it is done once.
struct AskedFault: Sendable {
    let id: String?
    /// What tells one request from another; recorded with the fault.
    let fingerprint: String

    init(_ kind: FaultKind, _ request: FaultRequest) {
        var request = request
        self.id = request.id
        (request.id, request.dryRun) = (nil, nil)
        let text = (try? OpsJSON.string(request)) ?? ""  // our own type has a JSON text
        self.fingerprint = Digest.sha256("\(kind.rawValue)\0\(text)").hex
    }

    /// An id is the name of a directory and part of paths, so it has the form of those that the injector makes.
    static func check(_ id: String) throws(ChaosError) {
        guard FaultStore.isID(id) else {
            throw ChaosError(.badParameter, "id: expected 8 to 32 letters and digits")
        }
    }

    /// Why a fault of this id is not what is asked for now.
    func refusal(_ file: FaultFile) -> ChaosError? {
        guard file.plan?.asked == self.fingerprint else {
            return ChaosError(.idTaken, "another request has used this id", hint: "an id is good for one request")
        }
        guard file.machine.cause != .refused else {
            return ChaosError(.idTaken, "the fault with this id never began", hint: "ask again with another id")
        }
        return nil
    }
}
