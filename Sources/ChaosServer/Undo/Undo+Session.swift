import OpsModel
import OpsRuntime
import OpsSystem

extension Undo {
    /// One undo's hold on the resource and on its log.
    struct Session {
        private let store: FaultStore
        private let plan: FaultPlan
        private let cause: EndCause
        private let resources: SharedResources
        private var lock: FileLock?
        private var isAlone = false
        private var log: Journal?
        private(set) var reports: [EffectReport]?
        private(set) var isRecorded = true
        private var fault = FaultStateMachine()
        private var lastAttempt: JournalLine?

        init(store: FaultStore, plan: FaultPlan, cause: EndCause) {
            self.store = store
            self.plan = plan
            self.cause = cause
            self.resources = plan.shared.resources
        }

        /// What to say when the holder may still be at work.
        var blocked: [EffectReport] {
            self.plan.effects.map { EffectReport($0, .pending(waitsFor: "the end of its holder")) }
        }

        /// The kill switch waits half a second for others, everybody else two seconds.
        private var patience: Duration { self.cause == .kill ? .milliseconds(500) : .seconds(2) }

        mutating func takeLock() -> Bool {
            self.isAlone = self.acquireLock()
            return self.isAlone
        }

        private mutating func acquireLock() -> Bool {
            do throws(SystemError) {
                self.lock = try FileLock.acquireBlocking(
                    self.resources.lockFile(self.plan.resource),
                    mode: 0o660,
                    within: self.patience
                )
                return true
            } catch {
                // Held by another, or no lock directory at all: then nobody else can hold the resource either.
                return error.code != .locked
            }
        }

        /// Another undo that writes its log is at work: what it does need not be done twice.
        ///
        /// Stopping does not wait for a record longer than that.
        mutating func openLog() {
            let end = BootClock.now() + self.patience.nanoseconds
            repeat {
                do throws(SystemError) {
                    self.log = try self.store.log(self.plan.id, .undo)
                    return
                } catch {
                    guard error.code == .locked else { return }
                }
                _ = Descriptors.ready([], milliseconds: 10)
            } while BootClock.now() < end
        }

        /// A fence that was raised stays so: who comes back to a fault that waits writes nothing about it again.
        mutating func raiseFence(_ file: FaultFile) -> FaultStateMachine {
            let fault = file.machine
            guard fault.isOpen else { return fault }
            self.fault = fault
            self.lastAttempt = file.lines.last { if case .attempted = $0.step { true } else { false } }
            if !fault.isFenced { self.write(JournalLine(.closing(fence: fault.nextFence, cause: self.cause))) }
            return fault
        }

        mutating func compare() -> UndoVerdict {
            let outcomes = self.plan.effects.map { self.outcome($0) }
            self.reports = zip(self.plan.effects, outcomes).map { EffectReport($0, $1) }
            return UndoVerdict(of: outcomes)
        }

        /// An attempt that ended like the last one is no news: an undo waits for its target for as long as that is away.
        mutating func record(_ step: FaultStep) {
            var line = JournalLine(step)
            line.outcomes = self.reports.map { EffectReport.summary(of: $0) }
            if let last = self.lastAttempt, last.step == line.step,
                last.outcomes?.map(\.withoutDetail) == line.outcomes?.map(\.withoutDetail)
            {
                return
            }
            self.write(line)
        }

        private func outcome(_ effect: Effect) -> EffectOutcome {
            let change = effect.change.reversible
            if change.isRelief, !self.givesRelief { return .alreadyClean }
            let claim = self.resources.claim(effect.resource)
            do throws(ChaosError) {
                let outcome = try change.compareAndRevert {
                    change.comparison.decide(live: $0, claim: claim, isAlone: self.isAlone)
                }
                return self.fault.settled(outcome, isHeld: change.isHeld)
            } catch {
                if error.code == .targetUnavailable || error.code == .busy { return .pending(waitsFor: error.message) }
                return .failed(remedy: error.description)
            }
        }

        /// Relief would do the agent's work: in a scored run there is none, but for the kill switch, after which nobody scores it.
        private var givesRelief: Bool { self.plan.run == nil || self.cause == .kill }

        private mutating func write(_ line: JournalLine) {
            do throws(ChaosError) {
                guard let log else { throw ChaosError(.journalFailed, "the log is not open") }
                try log.append(line)
            } catch {
                self.isRecorded = false
            }
        }
    }
}
