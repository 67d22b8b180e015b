import OpsModel

/// The kinds of change, each with what tells ours from another's and the way back.
enum Change: Codable, Hashable, Sendable {
    case session(SessionChange)
    case verifier(VerifierChange)
    case file(FileChange)
    case process(ProcessChange)
    case pause(ProcessPause)
    case link(LinkChange)
    case strain(StrainChange)
    case setting(SettingChange)
    case flag(FlagChange)
    case promise(PromiseChange)
    case schema(SchemaChange)
    case index(IndexChange)
    case job(JobChange)
    case volume(VolumeFill)
    case configuration(ConfigurationChange)
    case reload(ProgramReload)
    case table(TableChange)
    case keys(KeyListChange)
    case name(NameChange)
    case relief(ReliefChange)

    /// The part that all kinds share.
    var reversible: any Reversible {
        switch self {
        case .session(let change): change
        case .verifier(let change): change
        case .file(let change): change
        case .process(let change): change
        case .pause(let change): change
        case .link(let change): change
        case .strain(let change): change
        case .setting(let change): change
        case .flag(let change): change
        case .promise(let change): change
        case .schema(let change): change
        case .index(let change): change
        case .job(let change): change
        case .volume(let change): change
        case .configuration(let change): change
        case .reload(let change): change
        case .table(let change): change
        case .keys(let change): change
        case .name(let change): change
        case .relief(let change): change
        }
    }
}

/// A change that can be compared and taken back in one step on the resource itself.
protocol Reversible: Sendable {
    /// Reads the value and holds it still, asks `decide`, and does exactly what it is told.
    ///
    /// - Throws: when the value cannot be reached; the undo is then pending.
    func compareAndRevert(_ decide: (Fingerprint?) -> CompareAndRevert.Decision) throws(ChaosError) -> EffectOutcome

    var before: Fingerprint { get }
    var ours: Fingerprint { get }
    /// Where to look for it from outside.
    var mark: FaultMark { get }
    /// Whether it is gone as soon as the process is that holds it.
    var isHeld: Bool { get }
    /// Whether its way back does the target good beyond taking back what the fault did.
    var isRelief: Bool { get }
    /// The way back, in words for people.
    var undoing: String { get }
    /// What the change and the component that was broken have to do with each other's life.
    var dependence: Dependence { get }
}

/// How a change and the component that it is made of stand to each other while it lasts.
enum Dependence: Hashable, Sendable {
    case none
    /// Without an answer of the component the change cannot be taken back.
    case needsTarget
    /// As without an answer of this other component.
    case needs(String)
    /// The component, or an instance of it, does not answer.
    case silencesTarget
}

extension Reversible {
    var isHeld: Bool { false }
    var isRelief: Bool { false }
    var undoing: String { "what was there is put back, if what is there is still the fault's" }
    var dependence: Dependence { .none }
    var comparison: CompareAndRevert { CompareAndRevert(before: self.before, ours: self.ours) }
}
