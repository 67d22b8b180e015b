/// What a scenario keeps from whoever is judged, as far as its own file says so.
public struct Withholding: Hashable, Sendable {
    /// Runbooks that are not there, by id.
    public var runbooks: [String]
    /// Families of reads that nobody answers, such as `log`.
    public var reads: [String]

    /// Nothing unless told otherwise.
    public init(runbooks: [String] = [], reads: [String] = []) {
        self.runbooks = runbooks
        self.reads = reads
    }
}
