import OpsHTTP
import OpsModel
import OpsSpec

/// The batch job has more than twice as much to do as usual, several times, as at the end of a month.
struct SlowBatch: RecurringDecoy {
    let pause: Duration = .seconds(8)
    private let job: ServiceClient

    init(_ lab: RefereeLab) throws {
        let jobs = try lab.topology.components(of: .batch).compactMap { try lab.target($0.name) }
        guard let job = jobs.first else { throw RefereeError.noPlace("there is no batch job that can be asked to run") }
        self.job = job
    }

    /// A run that fails is not the decoy's failure: what is broken may well stop it.
    func act() async throws {
        do { try await JobTrigger(job: job, budgetS: 2.5).run() } catch let error as RemoteError
            where error.status >= 500
        {}
    }
}
