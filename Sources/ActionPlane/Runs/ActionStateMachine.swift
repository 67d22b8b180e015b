/// Decides the order in which one granted action is carried out, and does none of it.
///
/// Carry out ``instruction``, report `succeeded()` or `failed(_:)`, repeat until it says `finish`. Between reading the epoch
/// and committing the intent the epoch is held, so a kill switch comes either before the intent or after it, never between.
///
/// - Important: A crash forgets the machine. What the journal then allows is ``Recovery``'s decision.
struct ActionStateMachine: Hashable, Sendable {
    /// One thing to do; the order of these is the safety argument.
    enum Stage: Hashable, Sendable {
        /// Write down and sync that the grant is used up.
        case consume
        /// Take the locks of everything that will change.
        case lock
        /// Read the organisation's epoch; `isHeld` keeps it from rising until the intent is committed.
        case epoch(isHeld: Bool)
        /// Read the facts again and compare them with those that were approved.
        case facts
        /// Write down and sync what is about to happen, then let the epoch go.
        case intent
        /// Carry out all steps, each followed by reading it back.
        case effect
        /// Look whether the repair serves its purpose.
        case postcheck
    }

    enum Instruction: Hashable, Sendable {
        case enter(Stage)
        case perform(step: Int)
        case compensate(through: Int)
        case finish(Outcome)
    }

    /// What went wrong with a stage or step.
    enum Failure: Hashable, Sendable {
        /// Nothing was changed by it, read back.
        case untouched
        /// Something may have changed.
        case unclear
    }

    /// The one order that keeps all promises; a test shows that others break them.
    static let order: [Stage] = [.consume, .lock, .epoch(isHeld: true), .facts, .intent, .effect, .postcheck]

    private let order: [Stage]
    private let canCompensate: Bool
    private var steps = 0
    private var position = 0
    private var step = 0
    private var ending: Instruction?

    init(canCompensate: Bool, order: [Stage] = ActionStateMachine.order) {
        self.order = order
        self.canCompensate = canCompensate
    }

    /// What is to be done now.
    var instruction: Instruction {
        if let ending { return ending }
        guard position < order.count else { return .finish(.done(isRecovered: false)) }
        let stage = order[position]
        return stage == .effect && step < steps ? .perform(step: step) : .enter(stage)
    }

    /// Tells how many steps the plan has that was compared with the approved one.
    mutating func planned(steps count: Int) { steps = count }

    /// The instruction was carried out.
    mutating func succeeded() {
        switch instruction {
        case .perform: step += 1
        case .enter: position += 1
        case .compensate: ending = .finish(.notDone(isCompensated: true))
        case .finish: return
        }
        if ending == nil, position < order.count, order[position] == .effect, step == steps { position += 1 }
    }

    /// The instruction could not be carried out.
    mutating func failed(_ failure: Failure) {
        switch instruction {
        case .perform(let index): ending = failedStep(index, failure)
        case .enter(.postcheck) where steps > 0:
            ending = canCompensate ? .compensate(through: steps - 1) : .finish(.unknown)
        case .enter: ending = .finish(.notDone(isCompensated: false))
        case .compensate: ending = .finish(.unknown)
        case .finish: return
        }
    }

    private func failedStep(_ index: Int, _ failure: Failure) -> Instruction {
        if index == 0, failure == .untouched { return .finish(.notDone(isCompensated: false)) }
        guard canCompensate else { return .finish(.unknown) }
        return .compensate(through: failure == .untouched ? index - 1 : index)
    }
}
