import OpsModel
import OpsSystem

/// One line between server, guard and holder.
struct Message: Codable, Sendable {
    enum Kind: String, Codable, Sendable {
        /// Who is calling: `peer` says as what.
        case hello
        case beat
        /// Server to holder: what to prepare.
        case order
        /// Holder to server: what it would change.
        case planned
        /// Server to holder: the record is armed, apply under this fence.
        case go
        case applied
        /// Holder to server, instead of any of the above.
        case refused
        /// Server to guard: promise to end this fault.
        case arm
        /// Guard to server: the record was read back from disk.
        case armed
        /// Server to guard: the lab is being stopped, leave.
        case leave
    }

    enum Role: String, Codable, Sendable { case server, holder }

    var kind: Kind
    var role: Role?
    var fault: String?
    var fence: Int?
    var deadline: UInt64?
    var identity: ProcessIdentity?
    var order: HoldOrder?
    var plan: FaultPlan?
    var achieved: Double?
    var code: String?
    var text: String?
    var hint: String?

    init(_ kind: Kind, fault: String? = nil) {
        self.kind = kind
        self.fault = fault
    }

    static func refused(_ error: ChaosError) -> Message {
        var message = Message(.refused)
        message.code = error.code.rawValue
        message.text = error.message
        message.hint = error.hint
        return message
    }

    /// The error that a refusal carries.
    var error: ChaosError {
        ChaosError(
            self.code.flatMap(ChaosError.Code.init) ?? .notApplied,
            self.text ?? "the holder gave no reason",
            hint: self.hint
        )
    }
}
