import OpsRuntime

@testable import ChaosServer

/// One kind of thing of the target, each with another way to stay and to go.
enum ResourceKind: Int, CaseIterable, Sendable {
    /// A role's verifier: stays, and needs the database to be read.
    case role
    /// A file or setting: stays.
    case file
    /// A process: taken down, and started anew by undo and repair alike.
    case process
    /// A session of the holder's: ends with it, or with the time-out that the database was given.
    case session
    /// A rule that the kernel forgets three seconds after it was last refreshed.
    case rule

    var isHeld: Bool { self == .session || self == .rule }

    /// How long what a dead holder held stays.
    var lingering: UInt64 { self == .session ? 500 * Lab.millisecond : 3 * Lab.second }
    var needsTarget: Bool { self == .role || self == .session }
}

/// Who gave a resource its present value.
enum Author: Hashable, Sendable {
    case baseline
    case fault(Int)
    case repair(String)
}

/// A thing of the target that faults and repairs both want.
struct Resource: Sendable {
    let kind: ResourceKind
    let shared: SharedResource
    var value: String
    /// What was there before the present fault; for what is held, that nothing is.
    var before: String
    var author = Author.baseline
    var lock: Owner?
    var claim: Claim?
    /// The process without which it goes away.
    var keeper: Int?
    var endsAt = UInt64.max
    /// How often its process was started, or its file written.
    var count = 1
    /// When an action last wrote it by somebody's will.
    var repairs = 0

    init(_ kind: ResourceKind) {
        self.kind = kind
        let shared: SharedResource =
            switch kind {
            case .role: .role("shop", of: "db")
            case .file: .configuration("shop.env")
            case .process: .process("api-1")
            case .session: .sessions(of: "db")
            case .rule: .link(from: "api", to: "db")
            }
        self.shared = shared
        self.value = kind.isHeld ? Fingerprint.absent.rawValue : kind == .process ? "up-1" : "original"
        self.before = self.value
    }

    /// A repair that cannot be mistaken for the fault: another value, or the same one and a word that it is meant.
    var isRepaired: Bool {
        guard case .repair = author else { return false }
        return value != before && !kind.isHeld
    }
}

/// What the injector's disk holds about one fault.
struct FaultOnDisk: Sendable {
    let id: String
    let resource: Int
    let before: String
    let ours: String
    /// The lease's end on the boot clock of the boot in which it was asked for.
    let deadline: UInt64
    let boot: Int
    /// The same moment as the wall clock would have it; only a broken watcher looks at it.
    let wallDeadline: Double
    /// Whether the holder brings it about again when the target has lost it.
    let isCondition: Bool
    var record = FaultStateMachine()
    /// The holder, as the armed line names it.
    var holder: Int?
    var undoWriter: Int?
    var deadLogs: Set<FaultStore.Writer> = []
    /// How many repairs the resource had seen when the effect came.
    var repairsBefore = 0

    var footprint: Footprint { Footprint(id: id, resource: Resource(ResourceKind.allCases[resource]).shared) }
}
