/// Step 5: what is not finished yet comes switched off, and a change of a switch always says when it was.
///
/// People turn switches at the database's own prompt, too, and forget the time. Nobody can tell such a change from none.
enum SchemaUpcoming {
    static let up = #"""
        INSERT INTO feature_flags (name, enabled, description) VALUES
          ('catalogue-marks', false, 'Tells with a list which products the printed catalogue has no more.'),
          ('delivery-windows', false, 'Tells customers at checkout when the van comes to them.'),
          ('loyalty-points', false, 'Tells customers at checkout how many points their basket earns.');
        CREATE FUNCTION feature_flag_changes() RETURNS trigger LANGUAGE plpgsql AS $touch$
        BEGIN
          IF NEW.updated_at = OLD.updated_at THEN NEW.updated_at := clock_timestamp(); END IF;
          RETURN NEW;
        END
        $touch$;
        CREATE TRIGGER feature_flag_changes BEFORE UPDATE ON feature_flags
          FOR EACH ROW EXECUTE FUNCTION feature_flag_changes();
        """#

    static let down = #"""
        DROP TRIGGER feature_flag_changes ON feature_flags;
        DROP FUNCTION feature_flag_changes();
        DELETE FROM feature_flags WHERE name IN ('catalogue-marks', 'delivery-windows', 'loyalty-points');
        """#
}
