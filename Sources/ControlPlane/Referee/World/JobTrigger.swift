import OpsHTTP
import OpsModel

/// Has a batch job run now; one that is on its own schedule's run already is asked again when that may be over.
struct JobTrigger: Sendable {
    /// How long a job may be busy with a run that nobody here asked for.
    static let patienceS = 10.0

    var job: ServiceClient
    /// How many seconds the job may work; nil for as long as it always does.
    var budgetS: Double?

    func run() async throws {
        let first = Timestamp.now()
        let order: JSONValue = budgetS.map { ["budget_s": .double($0)] } ?? [:]
        while true {
            do {
                let _: JSONValue = try await job.post("/run", order)
                return
            } catch let error where Self.isWorthAnotherTry(error, after: Timestamp.now() - first) {
                try await Task.sleep(for: .milliseconds(250))
            }
        }
    }

    /// Whether the job is only busy, and may be free soon.
    static func isWorthAnotherTry(_ error: any Error, after waitedS: Double) -> Bool {
        (error as? RemoteError)?.status == 409 && waitedS < patienceS
    }
}
