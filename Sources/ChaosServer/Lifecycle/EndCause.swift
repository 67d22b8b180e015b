/// Why a fault is being taken back.
enum EndCause: String, Codable, CaseIterable, Hashable, Sendable {
    /// Its time was up.
    case lease
    /// Somebody asked for it.
    case request
    /// The kill switch.
    case kill
    /// It was found open when the server started.
    case sweep
    /// The process that held it, or one that watched it, is gone.
    case holder
    /// It never began: arming or applying failed.
    case refused
}
