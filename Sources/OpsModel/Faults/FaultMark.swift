/// What a fault leaves in the world while it lasts: where to look, and what is found there.
///
/// It tells a reader of the world what to search for; whether it is there, only the world can say.
public struct FaultMark: Codable, Hashable, Sendable {
    /// What kind of place it is.
    public enum Kind: String, Codable, Sendable {
        /// A database session, by its application name.
        case session
        /// A database role whose password verifier is the fault's.
        case verifier
        /// A setting of the target's database that has the fault's value.
        case setting
        /// A feature flag that has the fault's value.
        case flag
        /// A column of the target's database, as `table.column`, that has another name.
        case column
        /// An index of the target's database that is gone.
        case index
        /// A job in a queue of the target, by its id.
        case job
        /// A table of the target's database that has lost its rows, as `schema.table` of where the fault keeps them.
        case table
        /// A file whose content is the fault's.
        case file
        /// A directory of copies, some of which were promised to stay because of the fault.
        case entries
        /// A program of the target's supervisor that is down.
        case program
        /// A program of the target's supervisor that was started anew with the fault's content of a file.
        case reload
        /// A program of the target's supervisor that is up and held still.
        case pause
        /// An instance from which nothing gets out to somebody it needs.
        case link
        /// A program of the target that is under a strain.
        case strain
    }

    /// The kind of place.
    public var kind: Kind
    /// The application name, role, setting, job, path or program.
    public var subject: String
    /// SHA-256 of the fault's value, in hexadecimal digits, for a verifier, a setting, a job or a file.
    public var fingerprint: String?

    /// Puts the parts together as given.
    public init(_ kind: Kind, _ subject: String, fingerprint: String? = nil) {
        self.kind = kind
        self.subject = subject
        self.fingerprint = fingerprint
    }
}
