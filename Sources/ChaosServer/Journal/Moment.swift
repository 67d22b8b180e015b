import OpsModel
import OpsSystem

/// A moment by both clocks: the boot clock for deciding, the wall clock for people.
struct Moment: Codable, Hashable, Sendable {
    var bootID: String
    var nanoseconds: UInt64
    var wall: Timestamp

    enum CodingKeys: String, CodingKey {
        case bootID = "boot_id"
        case nanoseconds = "boot_ns"
        case wall
    }

    static func now() -> Moment {
        Moment(bootID: BootClock.bootID, nanoseconds: BootClock.now(), wall: .now())
    }
}
