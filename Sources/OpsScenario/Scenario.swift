public import OpsModel
public import OpsSpec

/// One situation to be judged: what is broken, what must come of it, and what its oracle must say to known behaviours.
///
/// Roles stand for components and are bound by kind, so that one file runs on any topology that has such components.
public struct Scenario: Hashable, Sendable {
    /// Its name; never shown to whoever is judged.
    public var id: String
    /// One sentence for people.
    public var about: String
    /// Scenarios that open with the same page share a family.
    public var family: String
    /// How hard its decoys make it; nil when the file does not say.
    public var difficulty: Difficulty?
    /// The components it needs, by role, in the order of the file.
    public var roles: [Role]
    /// How long the objectives must hold before anything happens.
    public var steadyHold: Duration
    /// Flags that are turned on as soon as the objectives hold, as somebody did before this story begins.
    public var given: [String] = []
    /// What the seed decides.
    public var draws: [DrawRule]
    /// The faults.
    public var injections: [Injection]
    /// What looks suspicious and is harmless.
    public var decoys: [Decoy]
    /// What is kept from whoever is judged.
    public var withheld: Withholding
    /// What must come of it.
    public var expect: Expectation
    /// How it is judged.
    public var judge: Judgement
    /// Known behaviours with the verdict that each must get.
    public var proof: [ProofEntry]
    /// The text that it was read from.
    public var source = ""
    /// Scripted approvers it must be run with; the first is the usual one.
    public var approvers: [String]

    /// Whether its faults are possible only in a lab that may change the network of its target.
    public var changesNetwork: Bool {
        self.injections.contains { FaultVocabulary.faults[$0.fault]?.changesNetwork == true }
    }

    /// Whether its faults are possible only in a lab with a proxy in the ways of its target.
    public var needsProxy: Bool { self.injections.contains { FaultVocabulary.faults[$0.fault]?.needsProxy == true } }

    /// The words that `approvers` may be.
    static let approverWords = ApproverScript.named.map(\.name)

    /// A part of the system that the scenario needs.
    public struct Role: Hashable, Sendable {
        /// Its name in this file.
        public var name: String
        /// The kind of component it binds to.
        public var kind: ComponentKind
    }

    /// A fault, its moment and its lease.
    public struct Injection: Hashable, Sendable {
        /// When, after the steady state.
        public var at: Moment
        /// The fault's name in ChaosServer's catalogue.
        public var fault: String
        /// The role to break.
        public var target: String
        /// The instance by number or name, a provider's alternative by name, or a draw of one.
        public var instance: String?
        /// Parameters; a text that begins with `$` is a draw.
        public var with: [String: JSONValue]
        /// How long it may last.
        public var lease: Duration
        /// How long it lasts where the world takes it back by itself; nil for one that stays.
        public var lasting: Moment?
    }

    /// Something harmless that happens at the same time.
    public struct Decoy: Hashable, Sendable {
        /// When, after the steady state.
        public var at: Moment
        /// A word of the closed list of decoys, or a draw that gives one.
        public var kind: String
    }

    /// A moment after the steady state, or a time: a draw or nothing, plus or minus some time.
    public struct Moment: Hashable, Sendable {
        /// The draw it counts from; nil for the end of the steady state.
        public var draw: String?
        /// Seconds later, negative for earlier.
        public var offsetS: Double
    }
}
